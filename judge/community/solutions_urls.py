"""Addresses of solutions, beneath their problem, and of publishing a submission."""

from django.urls import path

from judge.community import solutions_views as views

app_name = "solutions"

urlpatterns = [
    path("problems/<slug:slug>/solutions/", views.solution_list, name="list"),
    path("problems/<slug:slug>/solutions/give-up/", views.give_up, name="give_up"),
    path("problems/<slug:slug>/solutions/<int:pk>/", views.solution_detail, name="detail"),
    path("problems/<slug:slug>/solutions/<int:pk>/program/", views.solution_program, name="program"),
    path("problems/<slug:slug>/solutions/<int:pk>/vote/", views.solution_vote, name="vote"),
    path("problems/<slug:slug>/solutions/<int:pk>/moderate/", views.solution_moderate, name="moderate"),
    path("submissions/<int:pk>/publish/", views.publish, name="publish"),
    path("submissions/<int:pk>/withdraw/", views.withdraw, name="withdraw"),
]
